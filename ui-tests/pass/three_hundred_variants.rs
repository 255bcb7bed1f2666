//! As many messages as nobody should have.
use zctor::prelude::*;

macro_rules! many {
    ($($variant:ident($method:ident))*) => {
        #[actor]
        enum Many {
            $($variant { by: u32, text: String, list: Vec<u8> },)*
            #[reply(u32)]
            Sum,
        }

        #[handlers]
        impl ManyActor for Total {
            $(
                fn $method(&mut self, by: u32, text: String, list: Vec<u8>) {
                    self.0 += by + text.len() as u32 + list.len() as u32;
                }
            )*
            fn sum(&self) -> u32 {
                self.0
            }
        }
    };
}

struct Total(u32);

many! {
    V000(v000) V001(v001) V002(v002) V003(v003) V004(v004) V005(v005) V006(v006) V007(v007) V008(v008) V009(v009)
    V010(v010) V011(v011) V012(v012) V013(v013) V014(v014) V015(v015) V016(v016) V017(v017) V018(v018) V019(v019)
    V020(v020) V021(v021) V022(v022) V023(v023) V024(v024) V025(v025) V026(v026) V027(v027) V028(v028) V029(v029)
    V030(v030) V031(v031) V032(v032) V033(v033) V034(v034) V035(v035) V036(v036) V037(v037) V038(v038) V039(v039)
    V040(v040) V041(v041) V042(v042) V043(v043) V044(v044) V045(v045) V046(v046) V047(v047) V048(v048) V049(v049)
    V050(v050) V051(v051) V052(v052) V053(v053) V054(v054) V055(v055) V056(v056) V057(v057) V058(v058) V059(v059)
    V060(v060) V061(v061) V062(v062) V063(v063) V064(v064) V065(v065) V066(v066) V067(v067) V068(v068) V069(v069)
    V070(v070) V071(v071) V072(v072) V073(v073) V074(v074) V075(v075) V076(v076) V077(v077) V078(v078) V079(v079)
    V080(v080) V081(v081) V082(v082) V083(v083) V084(v084) V085(v085) V086(v086) V087(v087) V088(v088) V089(v089)
    V090(v090) V091(v091) V092(v092) V093(v093) V094(v094) V095(v095) V096(v096) V097(v097) V098(v098) V099(v099)
    V100(v100) V101(v101) V102(v102) V103(v103) V104(v104) V105(v105) V106(v106) V107(v107) V108(v108) V109(v109)
    V110(v110) V111(v111) V112(v112) V113(v113) V114(v114) V115(v115) V116(v116) V117(v117) V118(v118) V119(v119)
    V120(v120) V121(v121) V122(v122) V123(v123) V124(v124) V125(v125) V126(v126) V127(v127) V128(v128) V129(v129)
    V130(v130) V131(v131) V132(v132) V133(v133) V134(v134) V135(v135) V136(v136) V137(v137) V138(v138) V139(v139)
    V140(v140) V141(v141) V142(v142) V143(v143) V144(v144) V145(v145) V146(v146) V147(v147) V148(v148) V149(v149)
    V150(v150) V151(v151) V152(v152) V153(v153) V154(v154) V155(v155) V156(v156) V157(v157) V158(v158) V159(v159)
    V160(v160) V161(v161) V162(v162) V163(v163) V164(v164) V165(v165) V166(v166) V167(v167) V168(v168) V169(v169)
    V170(v170) V171(v171) V172(v172) V173(v173) V174(v174) V175(v175) V176(v176) V177(v177) V178(v178) V179(v179)
    V180(v180) V181(v181) V182(v182) V183(v183) V184(v184) V185(v185) V186(v186) V187(v187) V188(v188) V189(v189)
    V190(v190) V191(v191) V192(v192) V193(v193) V194(v194) V195(v195) V196(v196) V197(v197) V198(v198) V199(v199)
    V200(v200) V201(v201) V202(v202) V203(v203) V204(v204) V205(v205) V206(v206) V207(v207) V208(v208) V209(v209)
    V210(v210) V211(v211) V212(v212) V213(v213) V214(v214) V215(v215) V216(v216) V217(v217) V218(v218) V219(v219)
    V220(v220) V221(v221) V222(v222) V223(v223) V224(v224) V225(v225) V226(v226) V227(v227) V228(v228) V229(v229)
    V230(v230) V231(v231) V232(v232) V233(v233) V234(v234) V235(v235) V236(v236) V237(v237) V238(v238) V239(v239)
    V240(v240) V241(v241) V242(v242) V243(v243) V244(v244) V245(v245) V246(v246) V247(v247) V248(v248) V249(v249)
    V250(v250) V251(v251) V252(v252) V253(v253) V254(v254) V255(v255) V256(v256) V257(v257) V258(v258) V259(v259)
    V260(v260) V261(v261) V262(v262) V263(v263) V264(v264) V265(v265) V266(v266) V267(v267) V268(v268) V269(v269)
    V270(v270) V271(v271) V272(v272) V273(v273) V274(v274) V275(v275) V276(v276) V277(v277) V278(v278) V279(v279)
    V280(v280) V281(v281) V282(v282) V283(v283) V284(v284) V285(v285) V286(v286) V287(v287) V288(v288) V289(v289)
    V290(v290) V291(v291) V292(v292) V293(v293) V294(v294) V295(v295) V296(v296) V297(v297) V298(v298) V299(v299)
}

macro_rules! again {
    ($($variant:ident($method:ident))* ; $($latest:ident($by:ident))*) => {
        #[actor]
        enum Again {
            $(#[reply(u32)] #[idempotent] $variant { by: u32, text: String, list: Vec<u8> },)*
            $(#[latest(by = key)] $latest { key: u32, text: String },)*
        }

        #[handlers]
        impl AgainActor for Total {
            $(
                fn $method(&mut self, by: u32, text: String, list: Vec<u8>) -> u32 {
                    by + text.len() as u32 + list.len() as u32
                }
            )*
            $(
                fn $by(&mut self, key: u32, text: String) {
                    self.0 += key + text.len() as u32;
                }
            )*
        }
    };
}

again! {
    V00(v00) V01(v01) V02(v02) V03(v03) V04(v04) V05(v05) V06(v06) V07(v07) V08(v08) V09(v09)
    V10(v10) V11(v11) V12(v12) V13(v13) V14(v14) V15(v15) V16(v16) V17(v17) V18(v18) V19(v19)
    V20(v20) V21(v21) V22(v22) V23(v23) V24(v24) V25(v25) V26(v26) V27(v27) V28(v28) V29(v29)
    V30(v30) V31(v31) V32(v32) V33(v33) V34(v34) V35(v35) V36(v36) V37(v37) V38(v38) V39(v39)
    V40(v40) V41(v41) V42(v42) V43(v43) V44(v44) V45(v45) V46(v46) V47(v47) V48(v48) V49(v49)
    V50(v50) V51(v51) V52(v52) V53(v53) V54(v54) V55(v55) V56(v56) V57(v57) V58(v58) V59(v59)
    ;
    L00(l00) L01(l01) L02(l02) L03(l03) L04(l04) L05(l05) L06(l06) L07(l07) L08(l08) L09(l09)
    L10(l10) L11(l11) L12(l12) L13(l13) L14(l14) L15(l15) L16(l16) L17(l17) L18(l18) L19(l19)
    L20(l20) L21(l21) L22(l22) L23(l23) L24(l24) L25(l25) L26(l26) L27(l27) L28(l28) L29(l29)
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let many = Many::spawn(&system, Total(0));
    many.v000(1, "a".to_owned(), vec![1])?;
    many.v299(2, String::new(), vec![])?;
    assert_eq!(many.sum().wait()?, 5);
    let again = Again::spawn(&system, Total(0));
    again.l29(1, "a".to_owned())?;
    assert_eq!(again.v59(1, "a".to_owned(), vec![1]).wait()?, 3);
    system.shutdown().wait()
}
