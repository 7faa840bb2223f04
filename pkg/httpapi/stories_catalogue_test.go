package httpapi_test

import (
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// The procedures of the stories: codes, names and terms as the national catalogue publishes them, in the few words that a story needs.
const (
	landUseRight     = "1.013831" // đăng ký biến động đất đai
	certifiedCopy    = "2.000815" // chứng thực bản sao từ bản chính
	civilExtract     = "2.000635" // cấp bản sao trích lục hộ tịch
	birthJoined      = "2.000986" // liên thông khai sinh, thường trú, thẻ bảo hiểm y tế
	household        = "1.001612" // đăng ký hộ kinh doanh
	buildingPermit   = "1.013236" // cấp giấy phép xây dựng
	housePermit      = "1.013225" // cấp giấy phép xây dựng nhà ở riêng lẻ
	socialProtection = "2.000477" // dừng trợ giúp xã hội
	landAllocation   = "1.012753" // giao đất, cho thuê đất
	maritalStatus    = "1.004873" // cấp giấy xác nhận tình trạng hôn nhân
)

// ownPapers are what one fills in and what one has.
var ownPapers = []catalog.Component{
	{Name: "Tờ khai theo mẫu", Copies: catalog.Copies{Form: 1}}, {Name: "Bản sao căn cước", Copies: catalog.Copies{Copy: 1}},
}

var storyProcedures = []catalog.Procedure{
	{
		Code: landUseRight, Name: "Đăng ký biến động quyền sử dụng đất", Field: "Đất đai", Levels: []catalog.Level{catalog.Province},
		Agencies: []string{"Văn phòng đăng ký đất đai"}, PaymentStops: true, NonBoundary: true, Terms: within(18, worktime.WorkingDay),
	},
	{
		Code: certifiedCopy, Name: "Chứng thực bản sao từ bản chính", Field: "Chứng thực", Levels: []catalog.Level{catalog.Commune},
		OnTheSpot: true, Terms: sameDay,
	},
	{
		Code: civilExtract, Name: "Cấp bản sao trích lục hộ tịch", Field: "Hộ tịch", Levels: []catalog.Level{catalog.Commune},
		OnlineLevel: catalog.OnlineFull, Terms: sameDay,
	},
	{
		Code: birthJoined, Name: "Liên thông đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế", Field: "Hộ tịch",
		Levels: []catalog.Level{catalog.Commune}, Interconnections: []catalog.Interconnection{catalog.SameLevel, catalog.CrossLevel},
		Terms: within(20, worktime.WorkingDay), Process: []catalog.Step{
			{Name: "Đăng ký khai sinh", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: lasting(8, worktime.Hour)},
			{Name: "Đăng ký thường trú", Agency: "CA", Role: string(staff.Officer), Term: lasting(7, worktime.WorkingDay)},
			{Name: "Cấp thẻ bảo hiểm y tế", Agency: "BH", Role: string(staff.Officer), Term: lasting(5, worktime.WorkingDay)},
			{Name: "Tổng hợp kết quả", Agency: catalog.AtDeciding, Role: string(staff.Supervisor), Term: lasting(4, worktime.Hour)},
		},
	},
	{
		Code: maritalStatus, Name: "Cấp Giấy xác nhận tình trạng hôn nhân", Field: "Hộ tịch", Levels: []catalog.Level{catalog.Commune},
		OnlineLevel: catalog.OnlineFull, Terms: within(3, worktime.WorkingDay), Components: ownPapers,
	},
	{
		Code: household, Name: "Đăng ký thành lập hộ kinh doanh", Field: "Hộ kinh doanh", Levels: []catalog.Level{catalog.Commune}, Components: ownPapers,
		Terms: within(3, worktime.WorkingDay), Variants: []catalog.Variant{
			{Code: "1.001612.01", Name: "thay đổi nội dung", Terms: within(1, worktime.WorkingDay)},
			{Code: "1.001612.02", Name: "thành lập mới", Terms: within(3, worktime.WorkingDay)},
			{Code: "1.001612.03", Name: "ngành nghề có điều kiện", Terms: within(5, worktime.WorkingDay)},
		},
	},
	{
		Code: buildingPermit, Name: "Cấp giấy phép xây dựng", Field: "Hoạt động xây dựng", Levels: []catalog.Level{catalog.Province},
		Agencies: []string{"Sở Xây dựng"}, Terms: within(10, worktime.WorkingDay),
	},
	{
		Code: housePermit, Name: "Cấp giấy phép xây dựng nhà ở riêng lẻ", Field: "Hoạt động xây dựng", Levels: []catalog.Level{catalog.Province},
		Agencies: []string{"Sở Xây dựng"}, Variants: []catalog.Variant{
			{
				Code: housePermit + ".01", Name: "xây mới", Terms: within(10, worktime.WorkingDay), Fees: []catalog.Fee{
					{Kind: "LEVY", Channel: catalog.InPerson, VND: ptr(int64(75_000))},
					{Kind: "LEVY", Channel: catalog.Online, VND: ptr(int64(50_000)), Due: "BEFORE"},
				},
			},
			{
				Code: housePermit + ".02", Name: "sửa chữa, cải tạo", Terms: within(7, worktime.WorkingDay), Fees: []catalog.Fee{
					{Kind: "CHARGE", VND: ptr(int64(150_000)), Note: "Phí thẩm định thiết kế"}, {Kind: "LEVY", VND: ptr(int64(75_000))},
				},
			},
		},
		Components: []catalog.Component{
			{Name: "Đơn đề nghị cấp giấy phép xây dựng", Copies: catalog.Copies{Form: 1}},
			{Name: "Giấy chứng nhận quyền sử dụng đất", Copies: catalog.Copies{Original: 1}},
		},
	},
	{
		Code: socialProtection, Name: "Dừng trợ giúp xã hội", Field: "Bảo trợ xã hội", Levels: []catalog.Level{catalog.Commune},
		Terms: within(7, worktime.WorkingDay),
	},
	{
		Code: landAllocation, Name: "Giao đất, cho thuê đất", Field: "Đất đai", Levels: []catalog.Level{catalog.Province},
		Agencies: []string{"Văn phòng đăng ký đất đai"}, NonBoundary: true, Interconnections: []catalog.Interconnection{catalog.CrossLevel},
		Terms: within(6, worktime.WorkingDay), Excluded: []string{"OPINION"}, Process: []catalog.Step{
			{Stage: 1, Name: "Thẩm định", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: lasting(3, worktime.WorkingDay)},
			{Stage: 1, Name: "Đối chiếu quy hoạch", Agency: "XD", Role: string(staff.Officer), Term: lasting(2, worktime.WorkingDay)},
			{Stage: 1, Name: "Xác nhận nguồn gốc", Agency: "VT", Role: string(staff.Officer), Term: lasting(2, worktime.WorkingDay)},
			{Stage: 2, Name: "Ký duyệt", Agency: catalog.AtDeciding, Role: string(staff.Supervisor), Term: lasting(1, worktime.WorkingDay)},
		},
	},
}

func within(n uint32, unit worktime.Unit) []catalog.Term {
	return []catalog.Term{{Statutory: lasting(n, unit)}}
}

func lasting(n uint32, unit worktime.Unit) *worktime.Term {
	return &worktime.Term{Value: worktime.Whole(n), Unit: unit}
}

// What comes in by three in the afternoon is due the same day.
var sameDay = []catalog.Term{{Statutory: &worktime.Term{Unit: worktime.SameDay, Cutoff: "15:00"}}}
